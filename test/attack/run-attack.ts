import { asError } from '../../src/lib/clock.ts'
import type { Attack } from './attack.ts'
import { footprintOf, leftOver } from './stage/footprint.ts'
import { watchHealth } from './stage/health-watch.ts'
import { openStage, type Stage, type StageOptions } from './stage/stage.ts'

/** Locks that nobody uses are released after 10 s, rooms that nobody watches within a second or so. */
const nothingLeftWithinMs = 20_000

/**
 * Plays one attack, with /healthz asked all along and a look at what is left of it. A node that is worse for it is replaced,
 * so that the next attack finds a sound one.
 * @returns what was broken, each in plain words
 */
export async function runAttack(attack: Attack, stage: Stage): Promise<string[]> {
  stage.view.newErrors()
  const before = await footprintOf(stage.view)
  if (before === undefined) throw new Error(`the node is not well before ${attack.name}`)
  const { pid } = stage.node
  const health = watchHealth(stage.view, stage.healthMsMax)
  const violations: string[] = []
  try {
    violations.push(...(await attack.run(stage)))
  } catch (error) {
    violations.push(`broke off: ${asError(error).message}`)
  } finally {
    stage.leave()
  }
  violations.push(...(await health.stop()))
  if (stage.node.pid !== pid) violations.push('the process of the node is gone')
  else violations.push(...(await leftOver(stage.view, before, { withinMs: nothingLeftWithinMs })))
  violations.push(...newErrorsOf(stage))
  return violations
}

/** The same with a node of its own, where the attack wants one. */
export async function playAttack(
  attack: Attack,
  stage: Stage,
  options: StageOptions,
): Promise<string[]> {
  if (attack.ownNode === undefined) {
    const violations = await runAttack(attack, stage)
    if (violations.length > 0) await stage.renew()
    return violations
  }
  const { flags = [], inside } = attack.ownNode
  const own = await openStage({
    ...options,
    nodeCount: 1,
    flags: [...(options.flags ?? []), ...flags],
    ...(inside && { inside }),
  })
  try {
    return await runAttack(attack, own)
  } finally {
    await own.stop()
  }
}

const shownMax = 3

function newErrorsOf(stage: Stage): string[] {
  const lines = stage.view.newErrors()
  if (lines.length === 0) return []
  const shown = lines.slice(0, shownMax).map((line) => line.slice(0, 200))
  return [`${lines.length} lines of errors in the log, as ${shown.join(' | ')}`]
}
