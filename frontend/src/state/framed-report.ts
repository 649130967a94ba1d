import type { ConnectionView } from './connection.ts'

/** What a page in a frame of the demo tells the demo of itself; nothing that is not for everybody. */
export interface FramedReport {
  readonly lotkeeper: 'report'
  readonly nodeId: string | undefined
  readonly state: ConnectionView['state']
  /** The place in the journal at which another node took over, once that is confirmed. */
  readonly resumedSeq: number | undefined
}

/** What the demo asks of a page in its frame: to show another auction, or not to move to the node of the page beside it. */
export type FramedErrand =
  | { readonly lotkeeper: 'go'; readonly path: string }
  | { readonly lotkeeper: 'apart'; readonly nodeId: string | undefined }

export function reportOf(data: unknown): FramedReport | undefined {
  const said = data as Partial<FramedReport> | null
  return said?.lotkeeper === 'report' ? (said as FramedReport) : undefined
}
