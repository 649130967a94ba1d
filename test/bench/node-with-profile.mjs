// The program, in a process that samples where its processor time goes: a .cpuprofile every five seconds, into its working folder.
import { Session } from 'node:inspector'
import { writeFileSync } from 'node:fs'

const sliceMs = 5_000
const session = new Session()
session.connect()
const ask = (method, params) =>
  new Promise((resolve, reject) =>
    session.post(method, params, (error, result) => (error ? reject(error) : resolve(result))),
  )
await ask('Profiler.enable')
await ask('Profiler.setSamplingInterval', { interval: 500 })
await ask('Profiler.start')
let slice = 0
setInterval(async () => {
  const { profile } = await ask('Profiler.stop')
  await ask('Profiler.start')
  writeFileSync(
    `node-${process.pid}-${String(++slice).padStart(3, '0')}.cpuprofile`,
    JSON.stringify(profile),
  )
}, sliceMs).unref()
await import('../../dist/cmd/lotkeeper.js')
