export const timeWords = {
  daysAndHours: '{days} T {hours} Std.',
  spanDays: '{count} T',
  spanHours: '{count} Std.',
  spanMinutes: '{count} min',
  spanSeconds: '{count} s',
  closingDots: 'schließt…',
  endedCount: 'beendet',
  cancelledCount: 'abgesagt',
} as const
