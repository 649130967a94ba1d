/** What the client needs of `fetch`: met by Node's and by every browser's. */
export type FetchLike = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: string
    signal: AbortSignal
  },
) => Promise<ResponseLike>

export interface ResponseLike {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

/** What the client needs of a WebSocket: met by the browser's and by the `ws` package's. */
export interface SocketLike {
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(frame: string): void
  close(code?: number): void
  /** `ws` has it: drops the connection without waiting for the other side's farewell. */
  terminate?(): void
}

export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike
