import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { freePorts } from '../../src/ensemble/free-port.ts'
import { createServerProcess } from '../../src/ensemble/server-process.ts'
import type { Authority, Certificate } from './certificates.ts'

const run = promisify(execFile)

/** An etcd server that takes nobody in without a certificate and, once `secure` was called, a user. */
export interface SecuredEtcd {
  readonly server: string
  /** Runs etcdctl as root; for users, roles and passwords. */
  ctl(...args: string[]): Promise<string>
  restart(): Promise<void>
  stop(): Promise<void>
}

export const rootPassword = 'root-pass-word'

export async function startSecuredEtcd(
  authority: Authority,
  own: Certificate,
  options: { host?: string; tokenTtlSeconds?: number } = {},
): Promise<SecuredEtcd> {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-secured-etcd-'))
  const [clientPort, peerPort] = (await freePorts(2)) as [number, number]
  const server = `127.0.0.1:${clientPort}`
  const tls = [`--cacert=${authority.caFile}`, `--cert=${own.certFile}`, `--key=${own.keyFile}`]
  let user: string[] = []
  const env = { ...process.env, ETCDCTL_API: '3', ETCD_UNSUPPORTED_ARCH: process.arch }
  const ctl = async (...args: string[]) => {
    const all = [`--endpoints=https://${server}`, '--command-timeout=5s', ...tls, ...user, ...args]
    return (await run('etcdctl', all, { env })).stdout
  }
  const process_ = createServerProcess({
    name: 'secured etcd',
    program: 'etcd',
    args: [
      ...['--name=one', `--data-dir=${join(folder, 'data')}`],
      ...[`--listen-client-urls=https://${server}`, `--advertise-client-urls=https://${server}`],
      ...[`--listen-peer-urls=http://127.0.0.1:${peerPort}`],
      ...[`--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`],
      ...[`--initial-cluster=one=http://127.0.0.1:${peerPort}`],
      ...[`--cert-file=${own.certFile}`, `--key-file=${own.keyFile}`],
      ...['--client-cert-auth', `--trusted-ca-file=${authority.caFile}`],
      ...[`--auth-token-ttl=${options.tokenTtlSeconds ?? 300}`, '--bcrypt-cost=4'],
      ...['--heartbeat-interval=100', '--election-timeout=1000', '--log-level=warn'],
    ],
    folder,
    logFile: join(folder, 'etcd.log'),
    env: process.arch === 'arm64' ? { ETCD_UNSUPPORTED_ARCH: 'arm64' } : {},
    isReady: async () => {
      await ctl('endpoint', 'health')
      return true
    },
  })
  await process_.start()
  await ctl('user', 'add', `root:${rootPassword}`)
  await ctl('user', 'grant-role', 'root', 'root').catch(async () => {
    await ctl('role', 'add', 'root')
    await ctl('user', 'grant-role', 'root', 'root')
  })
  await ctl('auth', 'enable')
  user = [`--user=root:${rootPassword}`]
  return {
    server,
    ctl,
    restart: () => process_.restart(),
    async stop() {
      await process_.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
