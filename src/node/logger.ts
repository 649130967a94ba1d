import { type DestinationStream, pino } from 'pino'
import type { Log } from '../lib/log.ts'
import type { LogLevel } from './config.ts'

const secretNames = [
  'token',
  'authorization',
  'cookie',
  'password',
  'secret',
  'login',
  'credentials',
]
const secretPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** Logs go to stderr: JSON lines, or readable ones on a terminal. Tokens, cookies and passwords are never written. */
export async function createLogger(options: { level: LogLevel; nodeId: string }): Promise<Log> {
  const settings = {
    level: options.level,
    base: { node: options.nodeId },
    redact: secretPaths,
    serializers: { error: pino.stdSerializers.err },
  }
  const logger = pino(settings, await stderrStream())
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  }
}

async function stderrStream(): Promise<DestinationStream> {
  if (!process.stderr.isTTY) return pino.destination({ dest: 2, sync: true })
  const { default: pretty } = await import('pino-pretty')
  return pretty({ destination: 2, sync: true, ignore: 'pid,hostname,node' })
}
