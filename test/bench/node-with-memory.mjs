// The program, in a process that collects its garbage and tells its memory when asked by SIGUSR2: into memory-PID.json of its
// working folder.
import { renameSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
process.on('SIGUSR2', () => {
  collect()
  collect()
  const file = `memory-${process.pid}.json`
  writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()))
  renameSync(`${file}.part`, file)
})
await import('../../dist/cmd/lotkeeper.js')
