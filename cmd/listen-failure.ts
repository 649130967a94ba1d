import { exitCodes } from './exit-code.ts'
import { Failure } from './failure.ts'

/** A port or address that the system does not give us; undefined for every other error. */
export function listenFailure(
  error: unknown,
  { host, port }: { host: string; port: number },
): Failure | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const failure = (message: string, advice: string) =>
    new Failure(exitCodes.failure, message, advice)
  switch (code) {
    case 'EADDRINUSE':
      return failure(
        `port ${port} of ${host} is in use`,
        'Take another (--port N), or any: --port 0',
      )
    case 'EACCES':
      return failure(
        `port ${port} may not be used`,
        'Ports below 1024 are for root: take one above.',
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return failure(`${host} is no address of this machine`, 'Use --host 0.0.0.0 for all of them.')
    default:
      return undefined
  }
}
