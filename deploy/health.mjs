// The image's health check: exit status 0 when the node in this container is ready. Its certificate is for other names than loopback's.
import { get as overHttp } from 'node:http'
import { get as overTls } from 'node:https'

const { LOTKEEPER_PORT = '8080', LOTKEEPER_TLS_CERT = '' } = process.env
const get = LOTKEEPER_TLS_CERT === '' ? overHttp : overTls
const where = {
  host: '127.0.0.1',
  port: LOTKEEPER_PORT,
  path: '/readyz',
  rejectUnauthorized: false,
}
get(where, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () =>
  process.exit(1),
)
