import { connect } from 'node:net'

/** One of ZooKeeper's four-letter questions (`srvr`, `ruok`, `mntr`), answered in plain text until the server hangs up. */
export function askFourLetters(question: {
  host: string
  port: number
  word: string
  withinMs: number
}): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect({ host: question.host, port: question.port })
    const deadline = setTimeout(() => {
      socket.destroy(new Error(`no answer to ${question.word} within ${question.withinMs} ms`))
    }, question.withinMs)
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(question.word))
    socket.on('data', (text: string) => (answer += text))
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(deadline)
      resolve(answer)
    })
  })
}
