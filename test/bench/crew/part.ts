/** What a process of the crew offers: orders that it carries out one at a time, each told what came of it. */
export interface Part {
  close(): Promise<void>
}

/** How busy a process was while it carried out an order. */
export interface Busy {
  /** Of the time its event loop had something to do; near 1 it is the limit itself. */
  readonly loopShare: number
  /** Processor time by wall time; may exceed 1 where the library has threads. */
  readonly cores: number
}

/** What crosses between the bench and its crew. */
export type Order =
  | { readonly kind: 'open'; readonly part: string; readonly options: unknown }
  | { readonly kind: 'do'; readonly method: string; readonly order: unknown }
export type Report =
  | { readonly kind: 'done'; readonly result: unknown; readonly busy: Busy }
  | { readonly kind: 'failed'; readonly message: string }
