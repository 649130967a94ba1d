import { asError } from '../../lib/clock.ts'
import { AccessRefused } from '../errors.ts'
import { tlsRefusalOf } from '../tls-refusal.ts'

/** What etcd says when it does not let us in, and what to do about it. */
const refusals: readonly (readonly [pattern: RegExp, advice: (root: string) => string])[] = [
  [
    /authentication failed, invalid user ID or password/,
    () => 'etcd refuses user or password: check --store-user and --store-password-file',
  ],
  [
    /user name is empty|user name not found/,
    () => 'etcd wants a user: give --store-user and --store-password-file',
  ],
  [
    /authentication is not enabled/,
    () => 'etcd has no authentication: etcdctl auth enable, or leave out --store-user',
  ],
  [
    /permission denied/,
    (root) =>
      `etcd does not let this user read and write ${root}/: ` +
      `etcdctl role grant-permission ROLE --prefix=true readwrite ${root}/`,
  ],
]

/** What to tell whoever opens the store; undefined when the server may just be away. */
export function refusalOf(thrown: unknown, root: string): AccessRefused | undefined {
  const error = asError(thrown)
  const found = refusals.find(([pattern]) => pattern.test(error.message))
  const advice = found?.[1](root) ?? tlsRefusalOf(error)
  return advice === undefined ? undefined : new AccessRefused(advice, { cause: thrown })
}

/** Refused at the door: nothing was changed. */
export function isRefusal({ message }: Error): boolean {
  return (
    /permission denied|user name is empty|invalid auth token|invalid user ID or password/.test(
      message,
    ) || message.includes('revision of auth store is old')
  )
}
