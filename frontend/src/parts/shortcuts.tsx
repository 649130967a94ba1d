import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../state/app.ts'
import { say } from '../words/say.ts'
import { DoneDialog } from './done-dialog.tsx'

const shortcuts = [
  ['b', 'B', 'keyBid'],
  ['m', 'M', 'keyAmount'],
  ['w', 'W', 'keyWatch'],
  ['h', 'H', 'keyHistory'],
  ['/', '/', 'keySearch'],
  ['?', '?', 'keyHelp'],
] as const

/**
 * Single keys lead to what a page marks with `data-shortcut`; none of them bids. They rest while something is typed or a
 * dialog is open, and can be switched off (WCAG 2.1.4).
 */
export function Shortcuts() {
  const { preferences } = useApp()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!preferences.value.peek().hasShortcuts || isTaken(event)) return
      if (event.key === '?') dialog.current?.showModal()
      else if (!lead(event.key.toLowerCase())) return
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  return (
    <DoneDialog dialog={dialog} id="shortcuts" title={say('shortcuts')}>
      <dl class="facts keys">
        {shortcuts.map(([key, shown, words]) => (
          <div key={key} class="shortcut">
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{say(words)}</dd>
          </div>
        ))}
      </dl>
    </DoneDialog>
  )
}

function isTaken(event: KeyboardEvent): boolean {
  const { target } = event
  const isTyping =
    target instanceof Element && target.matches('input, textarea, select, [contenteditable]')
  const isModified = event.ctrlKey || event.metaKey || event.altKey
  return isTyping || isModified || document.querySelector('dialog[open]') !== null
}

/** False when the page has nothing of the kind. */
function lead(key: string): boolean {
  const target = Array.from(document.querySelectorAll<HTMLElement>('[data-shortcut]')).find(
    (marked) => marked.dataset['shortcut'] === key,
  )
  if (target === undefined) return false
  target.focus()
  if (target.dataset['acts'] === 'true') target.click()
  return true
}
