import { signal, type ReadonlySignal } from '@preact/signals'
import type { DemoDeed, DemoStateJson } from '../../../src/protocol/demo.ts'
import { asError, type Clock } from '../../../src/lib/clock.ts'
import { keepFresh, type Loaded } from './loaded.ts'

/** The server of the demo, which shows what is going on and does things to nodes. */
export interface DemoControl {
  readonly loaded: ReadonlySignal<Loaded<DemoStateJson>>
  /** Why the last deed was not done. */
  readonly refusal: ReadonlySignal<string | undefined>
  do(nodeId: string, deed: DemoDeed): void
  stop(): void
}

const lookEveryMs = 500

/** @param url of the control; empty for the one that served this page */
export function followDemo(url: string, clock: Clock): DemoControl {
  const refusal = signal<string | undefined>(undefined)
  const look = async () => (await asked(fetch(`${url}/state`))) as DemoStateJson
  const refreshed = keepFresh(look, { clock, everyMs: lookEveryMs })
  return {
    loaded: refreshed.loaded,
    refusal,
    do(nodeId, deed) {
      refusal.value = undefined
      const path = `${url}/nodes/${encodeURIComponent(nodeId)}/${deed}`
      const done = asked(fetch(path, { method: 'POST' }))
      done.catch((error: unknown) => (refusal.value = asError(error).message))
    },
    stop: () => refreshed.stop(),
  }
}

async function asked(answering: Promise<Response>): Promise<unknown> {
  const answer = await answering
  const body = (await answer.json()) as { detail?: string }
  if (!answer.ok) throw new Error(body.detail ?? answer.statusText)
  return body
}
