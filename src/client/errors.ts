/** A node answered, and said no. `code` is of the wire: `no-such-auction`, `sign-in-first`, `bad-request` … */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string
  readonly status: number
  /** The node's problem document (RFC 9457), for the fields that belong to the code. */
  readonly problem: Readonly<Record<string, unknown>>

  constructor(code: string, status: number, problem: Readonly<Record<string, unknown>>) {
    const detail = problem['detail'] ?? problem['title']
    super(typeof detail === 'string' ? detail : `the node answered ${status} (${code})`)
    this.code = code
    this.status = status
    this.problem = problem
  }
}

/** No node answered in time. A call that changes something may have happened all the same. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
  readonly urls: readonly string[]

  constructor(urls: readonly string[], cause?: unknown) {
    super(`no node answered (tried ${urls.join(', ')})`, { cause })
    this.urls = urls
  }
}
