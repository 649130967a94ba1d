import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: Buffer
  readonly key: Buffer
}

/** An authority of the test's own, in a temporary folder. */
export interface Authority {
  readonly folder: string
  readonly caFile: string
  readonly ca: Buffer
  /** Signed by it, for 127.0.0.1 and localhost; `name` is its common name. */
  issue(name: string): Certificate
  remove(): void
}

export function createAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-ca-'))
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    ...['req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2'],
    ...['-subj', '/CN=test authority'],
  )
  return {
    folder,
    caFile: at('ca.pem'),
    ca: readFileSync(at('ca.pem')),
    issue(name) {
      const [keyFile, certFile] = [at(`${name}.key`), at(`${name}.pem`)]
      writeFileSync(
        at(`${name}.ext`),
        'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n',
      )
      openssl('req', ...newKey, '-keyout', keyFile, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
      openssl(
        ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key'],
        ...['-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`, '-out', certFile],
      )
      return { certFile, keyFile, cert: readFileSync(certFile), key: readFileSync(keyFile) }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
