import { escapeHtml } from './html.ts'
import type { Lane, Mark, Row, Span } from './lane.ts'

/** Pixels of one lane's drawing, and where each millisecond of the run falls. */
export interface Frame {
  readonly span: Span
  readonly widthPx: number
}

const pxPerSecond = 8
const widthPxMin = 1_136
const widthPxMax = 16_000
const rowGapPx = 4
const textPxPerLetter = 6.4
const textRoomPx = 8
const barPxMin = 2
const pinPx = 5

export function frameOf(span: Span): Frame {
  const wanted = ((span.toMs - span.fromMs) / 1_000) * pxPerSecond
  return { span, widthPx: Math.round(Math.min(widthPxMax, Math.max(widthPxMin, wanted))) }
}

export function xOf(atMs: number, { span, widthPx }: Frame): number {
  const x = ((atMs - span.fromMs) / (span.toMs - span.fromMs)) * widthPx
  return Math.round(Math.min(widthPx, Math.max(0, x)) * 10) / 10
}

/** One `<svg>` for each row, so that its label may stay in sight while the row is scrolled. */
export function laneHtml(lane: Lane, frame: Frame): string {
  const { name, note, rows } = lane
  if (rows.length === 0) return ''
  return [
    `<section class="lane"><h2>${escapeHtml(name)}</h2><p class="note">${escapeHtml(note)}</p>`,
    ...rows.map((row) => rowHtml(row, name, frame)),
    '</section>',
  ].join('\n')
}

function rowHtml(row: Row, laneName: string, frame: Frame): string {
  const { label, heightPx, marks } = row
  const what = escapeHtml(label === '' ? laneName : `${laneName}: ${label}`)
  const open = `<svg width="${frame.widthPx}" height="${heightPx + rowGapPx}" role="img" aria-label="${what}">`
  const base = `<line class="base" x1="0" x2="${frame.widthPx}" y1="${heightPx + 0.5}" y2="${heightPx + 0.5}"/>`
  const drawn = marks.map((mark) => markSvg(mark, heightPx, frame)).join('')
  const said = label === '' ? '' : `<span class="label">${escapeHtml(label)}</span>`
  return `<div class="row">${said}${open}${base}${drawn}</svg></div>`
}

function markSvg(mark: Mark, heightPx: number, frame: Frame): string {
  const title = `<title>${escapeHtml(mark.title)}</title>`
  const fill = `style="--mark:var(--${mark.colour})"`
  if (mark.shape === 'pin') {
    const x = xOf(mark.atMs, frame)
    const middle = heightPx / 2
    const text =
      mark.text === undefined ? '' : textSvg(mark.text, x + pinPx + 3, heightPx, 'pinned')
    const points = `${x - pinPx},${middle} ${x},${middle - pinPx} ${x + pinPx},${middle} ${x},${middle + pinPx}`
    return `<g ${fill}>${title}<polygon class="pin" points="${points}"/>${text}</g>`
  }
  const { fromMs, toMs, bottom = 0, top = 1, strength, text } = mark
  const x = xOf(fromMs, frame)
  const width = Math.max(barPxMin, round(xOf(toMs, frame) - x - (bottom > 0 || top < 1 ? 0.5 : 0)))
  const y = round(heightPx * (1 - top))
  const height = Math.max(1, round(heightPx * (top - bottom)))
  const opacity = strength === undefined ? '' : ` opacity="${strength.toFixed(2)}"`
  const hasRoom = text !== undefined && text.length * textPxPerLetter + textRoomPx <= width
  const said = hasRoom ? textSvg(text, x + textRoomPx / 2, heightPx, 'within') : ''
  return `<g ${fill}>${title}<rect class="bar" x="${x}" y="${y}" width="${width}" height="${height}"${opacity}/>${said}</g>`
}

function textSvg(text: string, x: number, heightPx: number, kind: 'within' | 'pinned'): string {
  return `<text class="${kind}" x="${round(x)}" y="${heightPx / 2 + 4}">${escapeHtml(text)}</text>`
}

const round = (value: number) => Math.round(value * 10) / 10

const tickSteps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600]
const tickPxMin = 70

/** Seconds since the run began. */
export function axisHtml(frame: Frame): string {
  const { span, widthPx } = frame
  const seconds = (span.toMs - span.fromMs) / 1_000
  const least = (seconds * tickPxMin) / widthPx
  const step = tickSteps.find((some) => some >= least) ?? Math.ceil(least)
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => {
    const x = xOf(span.fromMs + index * step * 1_000, frame)
    const text = `<text x="${x + 4}" y="12">${index * step} s</text>`
    return `<line x1="${x}" x2="${x}" y1="0" y2="18"/>${text}`
  })
  return `<svg class="axis" width="${widthPx}" height="18" role="img" aria-label="Seconds since the run began">${ticks.join('')}</svg>`
}
