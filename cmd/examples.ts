import pc from 'picocolors'

/** The end of every help page. A line that begins with `#` explains the next. */
export function examples(...lines: string[]): string {
  const shown = lines.map((line) => `  ${line.startsWith('#') ? pc.dim(line) : line}`)
  return ['', pc.bold('Examples:'), ...shown].join('\n')
}
