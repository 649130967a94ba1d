import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HistoryLine } from '../../checker/history.ts'
import type { RunResult } from '../run-result.ts'
import { historyPage } from './page.ts'
import { summaryOf } from './summary.ts'

/** Puts `page.html` beside the run's history. Returns its path. */
export function writeReport(
  folder: string,
  history: readonly HistoryLine[],
  result: RunResult,
): string {
  const file = join(folder, 'page.html')
  writeFileSync(file, historyPage(history, summaryOf(result)))
  return file
}
