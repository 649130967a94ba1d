import type { ACL } from 'node-zookeeper-client'
import { must } from '../../lib/assert.ts'
import { checkCommit, guardsOf } from '../check-commit.ts'
import { OutcomeUnknown, SessionLost, Suspended } from '../errors.ts'
import type { OpenOptions } from '../open-options.ts'
import type { CallOptions, Commit, CommitResult, Guard, Key, Store } from '../store.ts'
import type { Connection } from './connection.ts'
import type { Directories } from './directories.ts'
import { createEphemerals } from './ephemerals.ts'
import { codeOf, codes, NoAnswer, NotSent } from './failures.ts'
import type { Link } from './link.ts'
import type { Paths } from './paths.ts'
import type { Patience } from './patience.ts'
import { failedBy, sendSteps, type Step, type StepResult, stepsOf } from './steps.ts'

/** A directory may be removed, being empty, between our look and our use of it; not so often in a row. */
const directoryTriesMax = 5

const noRights = 'ZooKeeper lets this user not write there: see who owns it (getAcl)'

interface CommitDeps {
  paths: Paths
  directories: Directories
  /** Of all that is made. */
  acl: ACL[]
}

export interface Commits {
  readonly ephemeralCount: number
  commit: Store['commit']
}

export function createCommits(
  deps: CommitDeps &
    Pick<OpenOptions, 'metrics' | 'permanentRoots'> & {
      link: Link
      patience: (call: CallOptions) => Patience
    },
): Commits {
  const { link, metrics, paths } = deps
  const ephemerals = createEphemerals({
    gauge: (count) => metrics.gauge('ephemerals', count),
  })
  return {
    get ephemeralCount() {
      return ephemerals.count
    },
    async commit(commit, options = {}) {
      const session = must(link.session, 'session')
      checkCommit(commit, session, deps.permanentRoots)
      const patience = deps.patience(options)
      const connection = link.current() ?? (await link.connected(patience))
      const room = ephemerals.makeRoom(commit, session, (key) =>
        isThere(connection, paths, key, patience),
      )
      // Rarely; else it is sent before we return, so that the order of calls is the order of commits.
      if (room !== undefined) await room
      // It may have changed while we waited; on a connection of the new one an ephemeral would be the new one's.
      if (link.session !== session) throw new SessionLost()
      const result = await carryOut(deps, connection, commit, patience)
      ephemerals.note(commit, session, result)
      return result
    },
  }
}

/**
 * Carries out a commit on one connection.
 * @throws OutcomeUnknown, SessionLost, Suspended as the port says
 */
async function carryOut(
  deps: CommitDeps,
  connection: Connection,
  commit: Commit,
  patience: Patience,
): Promise<CommitResult> {
  const { paths, directories, acl } = deps
  const steps = stepsOf(commit)
  const created = steps.filter(({ kind }) => kind === 'create').map(({ key }) => key)
  for (let tries = 1; ; tries++) {
    directories.ensure(connection, created, patience)
    const outcome = await attempt(connection, steps, { paths, acl }, patience)
    if (outcome.ok) return committed(steps, outcome)
    if (outcome.code === codes.noAuth) throw new Suspended(noRights)
    if (outcome.code === codes.noNode && outcome.step?.kind === 'create') {
      if (tries === directoryTriesMax) throw new Suspended('directories vanish as fast as made')
      directories.forget(created)
      continue
    }
    const named = outcome.step === undefined ? [] : failedBy(outcome.step, outcome.code)
    const seen = await failingNow(connection, guardsOf(commit), paths, patience)
    const failed = unite(named, seen)
    if (failed.length === 0) throw new Suspended(`the store refused with code ${outcome.code}`)
    return { ok: false, failed }
  }
}

type Outcome =
  | { readonly ok: true; readonly results: readonly StepResult[]; readonly revision: bigint }
  | { readonly ok: false; readonly code: number; readonly step: Step | undefined }

async function attempt(
  connection: Connection,
  steps: readonly Step[],
  place: { paths: Paths; acl: ACL[] },
  patience: Patience,
): Promise<Outcome> {
  try {
    return await connection.ask<Outcome>((client, answer) => {
      sendSteps(client, steps, place, (error, results) => {
        const index = results?.findIndex(({ err }) => err !== undefined && err !== 0) ?? -1
        const code = results?.[index]?.err
        if (code !== undefined) answer(null, { ok: false, code, step: steps[index] })
        // The answer's own revision, and that of the commit: the server applies and answers in one go.
        else answer(error, { ok: true, results: results ?? [], revision: connection.zxid })
      })
    }, patience)
  } catch (error) {
    if (error instanceof NotSent) throw new Suspended(undefined, { cause: error })
    if (error instanceof NoAnswer) throw new OutcomeUnknown(undefined, { cause: error })
    const code = codeOf(error)
    if (code === codes.sessionExpired) throw new SessionLost(undefined, { cause: error })
    if (code === undefined) throw error
    return { ok: false, code, step: undefined }
  }
}

function committed(steps: readonly Step[], outcome: Outcome & { ok: true }): CommitResult {
  const versions = new Map<Key, string>()
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'create') versions.set(step.key, '0')
    if (step.kind === 'delete') versions.delete(step.key)
    if (step.kind === 'put') {
      const { stat } = must(outcome.results[index], 'result of a put')
      versions.set(step.key, String(must(stat, 'stat of a put').version))
    }
  }
  return { ok: true, revision: outcome.revision, versions }
}

/**
 * ZooKeeper names the first failing operation only; so look at every guard. By now one may hold again, and another fail:
 * it was seen failing all the same. Says nothing when it cannot look.
 */
async function failingNow(
  connection: Connection,
  guards: readonly Guard[],
  paths: Paths,
  patience: Patience,
): Promise<Guard[]> {
  const keys = [...new Set(guards.map(({ key }) => key))]
  const looks = keys.map(async (key) => {
    const stat = await connection.ask<{ version: number } | null>(
      (client, answer) => client.exists(paths.leaf(key), answer),
      patience,
    )
    return [key, stat?.version] as const
  })
  const versions = new Map(await Promise.all(looks).catch(() => []))
  return guards.filter((guard) => {
    if (!versions.has(guard.key)) return false
    const version = versions.get(guard.key)
    if (guard.kind === 'absent') return version !== undefined
    if (guard.kind === 'present') return version === undefined
    return String(version) !== guard.version
  })
}

async function isThere(connection: Connection, paths: Paths, key: Key, patience: Patience) {
  const look = connection.ask<object | null>(
    (client, answer) => client.exists(paths.leaf(key), answer),
    patience,
  )
  return look.then(
    (stat) => stat !== null,
    () => true,
  )
}

function unite(named: readonly Guard[], seen: readonly Guard[]): Guard[] {
  const united = new Map<string, Guard>()
  for (const guard of [...named, ...seen]) {
    const version = guard.kind === 'unchanged' ? guard.version : ''
    united.set(`${guard.kind} ${guard.key} ${version}`, guard)
  }
  return [...united.values()]
}
