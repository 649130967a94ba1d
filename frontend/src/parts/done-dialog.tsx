import type { ComponentChildren, RefObject } from 'preact'
import { say } from '../words/say.ts'

/** A dialog that shows something and has nothing to send: it is left by one button, or by Escape. */
export function DoneDialog(props: {
  dialog: RefObject<HTMLDialogElement | null>
  /** Unique in the page: names the dialog by its title. */
  id: string
  title: string
  class?: string
  children: ComponentChildren
}) {
  const { dialog, id, title } = props
  return (
    <dialog ref={dialog} class={`dialog ${props.class ?? ''}`} aria-labelledby={id}>
      <form method="dialog">
        <h2 id={id} dir="auto">
          {title}
        </h2>
        {props.children}
        <div class="actions">
          <button class="button" type="submit">
            {say('done')}
          </button>
        </div>
      </form>
    </dialog>
  )
}
