/** The machinery is broken, not the caller: `code` is for programs, the message says what to do. */
export class OperatingError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}
