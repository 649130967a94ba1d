/**
 * Each run once, then each once more, and so on: whatever else the machine does falls on all of them alike. One at a time.
 * @returns the slices of each, in order
 */
export async function inTurns<Runs extends Record<string, () => Promise<unknown>>>(
  rounds: number,
  runs: Runs,
): Promise<{ [Name in keyof Runs]: Awaited<ReturnType<Runs[Name]>>[] }> {
  const slices: Record<string, unknown[]> = {}
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) (slices[name] ??= []).push(await run())
  }
  return slices as never
}
