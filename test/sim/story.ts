import type { HistoryLine } from '../checker/history.ts'
import type { Played, PlayOptions } from './play.ts'

/** Tells a run as it goes: who did what when, a line each. */
export function createStory(write: (line: string) => void): {
  tell: NonNullable<PlayOptions['tell']>
  /** What was seen, after the end, in its order. */
  history(lines: readonly HistoryLine[]): void
  end(played: Played): void
} {
  const line = (atMs: number, who: string, what: string) =>
    write(`${(atMs / 1_000).toFixed(3).padStart(9)} s  ${who.padEnd(10)} ${what}`)
  return {
    tell(atMs, who, what, fields) {
      line(atMs, who, fields === undefined ? what : `${what} ${fieldsText(fields)}`)
    },
    history(lines) {
      write('')
      write('What people were told:')
      for (const entry of lines) {
        const text = sentenceOf(entry)
        if (text !== undefined) line('atMs' in entry ? entry.atMs : 0, text[0], text[1])
      }
    },
    end({ seed, mode, violations, defects }) {
      write('')
      for (const { rule, detail, auctionId = '' } of violations)
        write(`VIOLATION ${rule} ${auctionId}: ${detail}`)
      for (const defect of defects) write(`DEFECT ${defect}`)
      const count = violations.length + defects.length
      write(`seed ${seed}, ${mode}: ${count === 0 ? 'nothing broken' : `${count} things broken`}`)
    },
  }
}

const fieldLengthMax = 120

function fieldsText(fields: object): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      const told: unknown = value instanceof Error ? value.message : value
      const text = typeof told === 'string' ? told : JSON.stringify({ told }).slice(8, -1)
      return `${name}=${text.slice(0, fieldLengthMax)}`
    })
    .join(' ')
}

function sentenceOf(entry: HistoryLine): [string, string] | undefined {
  switch (entry.t) {
    case 'invoke':
      return [entry.bidId.split('-')[0] ?? '', `bids ${entry.amount} as ${entry.bidId}`]
    case 'answer': {
      const { bidId, outcome, seq, code, final, copies = 1 } = entry
      const facts = [
        code,
        seq === undefined ? undefined : `seq ${seq}`,
        final === undefined ? undefined : final ? 'final' : 'for now',
        copies > 1 ? `${copies} copies` : undefined,
      ].filter((fact) => fact !== undefined)
      return [bidId.split('-')[0] ?? '', `${bidId} is ${outcome} (${facts.join(', ')})`]
    }
    case 'feed': {
      const { watcher, kind, prevSeq, seq, events, jump } = entry
      const told = events.map((event) => event.bidId ?? event.type).join(' ')
      const from = jump === undefined ? '' : `, a jump: ${jump}`
      return [watcher, `is shown ${prevSeq}..${seq} by ${kind}${from}: ${told}`]
    }
    case 'read':
      return ['somebody', `reads ${entry.auctionId} fresh: seq ${entry.seq}`]
    case 'fault':
      return ['world', `${entry.kind} ${entry.target} (${entry.role})`]
    case 'recovery':
      return [entry.target, `${entry.what} ${entry.tookMs === undefined ? 'never' : 'again'}`]
    default:
      return undefined
  }
}
