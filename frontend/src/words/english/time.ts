/** Spans as a countdown and as conditions of sale tell them. */
export const timeWords = {
  daysAndHours: '{days} d {hours} h',
  spanDays: '{count} d',
  spanHours: '{count} h',
  spanMinutes: '{count} min',
  spanSeconds: '{count} s',
  closingDots: 'closing…',
  endedCount: 'ended',
  cancelledCount: 'cancelled',
} as const
