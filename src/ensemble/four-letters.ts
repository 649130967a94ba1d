import { connect, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** One of ZooKeeper's four-letter questions (`srvr`, `ruok`, `mntr`), answered in plain text until the server hangs up. */
export function askFourLetters(question: {
  host: string
  port: number
  word: string
  withinMs: number
  /** PEM; by TLS where it is given. */
  tls?: { ca?: Buffer; cert?: Buffer; key?: Buffer } | undefined
}): Promise<string> {
  const { host, port, tls } = question
  return new Promise((resolve, reject) => {
    let answer = ''
    const named = isIP(host) === 0 ? { servername: host } : {}
    const socket =
      tls === undefined ? connect({ host, port }) : connectTls({ host, port, ...named, ...tls })
    const deadline = setTimeout(() => {
      socket.destroy(new Error(`no answer to ${question.word} within ${question.withinMs} ms`))
    }, question.withinMs)
    socket.setEncoding('utf8')
    socket.on(tls === undefined ? 'connect' : 'secureConnect', () => socket.write(question.word))
    socket.on('data', (text: string) => (answer += text))
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(deadline)
      resolve(answer)
    })
  })
}
