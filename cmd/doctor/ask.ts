import { get } from 'node:https'
import { systemClock } from '../../src/lib/system-clock.ts'

const askWithinMs = 2_000

/** PEM. */
export interface AskTls {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
}

const answerBytesMax = 64 * 1024

/** The answer to a GET, or undefined when there is none in 2 s. With `tls` by https, to whom that trusts. */
export async function ask(url: string, tls?: AskTls): Promise<Response | undefined> {
  const abort = new AbortController()
  const timer = systemClock.setTimer(askWithinMs, () => abort.abort())
  try {
    if (tls !== undefined) return await askByTls(url, tls, abort.signal)
    return await fetch(url, { signal: abort.signal })
  } catch {
    return undefined
  } finally {
    timer.cancel()
  }
}

/** `fetch` of Node takes no certificates. */
function askByTls(url: string, tls: AskTls, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = get(url, { ...tls, signal, agent: false }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (text: string) => {
        body += text
        if (body.length > answerBytesMax) request.destroy(new Error('too long an answer'))
      })
      answer.on('error', reject)
      answer.on('end', () => resolve(new Response(body, { status: answer.statusCode ?? 500 })))
    })
    request.on('error', reject)
  })
}
