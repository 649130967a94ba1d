#!/usr/bin/env node
import { runProgram } from './run-program.ts'
import { createProcessTerminal } from './terminal.ts'

// Sockets that a fetch keeps open must not hold us.
process.exit(await runProgram(process.argv.slice(2), createProcessTerminal()))
