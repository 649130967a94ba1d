/** So many turns, so many milliseconds apart, as a loaded machine lets them. */
export function inTurns(
  count: number,
  everyMs: number,
  take: (turn: number) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let turn = 0
    const timer = setInterval(() => {
      take(turn++)
      if (turn < count) return
      clearInterval(timer)
      resolve()
    }, everyMs)
  })
}
