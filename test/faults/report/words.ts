/** Figures as people read them, in English. */
export function whole(value: number): string {
  return value.toLocaleString('en')
}

export function msText(value: number | undefined): string {
  return value === undefined || value === Infinity ? 'never' : `${whole(Math.round(value))} ms`
}

/** Rounded down: 99.99 % is not all. */
export function shareText(part: number, all: number): string {
  if (all === 0) return 'none seen'
  const percent = Math.floor((part / all) * 10_000) / 100
  return `${percent.toFixed(2)} % of ${whole(all)}`
}
