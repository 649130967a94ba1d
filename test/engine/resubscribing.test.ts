import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openEmbeddedStore } from '../../src/store/embedded/embedded-store.ts'
import { openMemoryStore } from '../../src/store/memory/memory-store.ts'
import { describeResubscribing } from './resubscribing.ts'

const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-resubscribing-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeResubscribing('memory', async (options) => openMemoryStore(options))
describeResubscribing('embedded', (options) => openEmbeddedStore({ ...options, folder }))
