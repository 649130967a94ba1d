import type { Direction, Held } from '../support/proxy.ts'

/** What the driver asks of the process that holds the links. `link` names one node's way to one store server. */
export type LinkOrder = { readonly link: string } & (
  | {
      readonly do: 'open'
      readonly to: { readonly host: string; readonly clientPort: number }
      readonly host: string
    }
  | { readonly do: 'cut' | 'heal' | 'drop-reply' | 'count' }
  | { readonly do: 'silence'; readonly direction: Direction; readonly held: Held }
  | { readonly do: 'delay'; readonly ms: number }
  | { readonly do: 'truncate-reply'; readonly bytes: number }
)

export interface LinkAnswer {
  readonly id: number
  /** A port, or how many connections are open. */
  readonly value?: number
  readonly error?: string
}
