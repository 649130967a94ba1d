import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface ControlProps {
  readonly id: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby': string | undefined
}

/** A labelled control with a hint and what is wrong with it. */
export function Field(props: {
  label: string
  hint?: ComponentChildren
  wrong?: string | undefined
  children: (control: ControlProps) => ComponentChildren
}) {
  const id = useId()
  const { label, hint, wrong } = props
  const describedBy = [
    wrong === undefined ? undefined : `${id}-wrong`,
    hint === undefined ? undefined : `${id}-hint`,
  ].filter((part) => part !== undefined)
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {props.children({
        id,
        'aria-invalid': wrong !== undefined,
        'aria-describedby': describedBy.length > 0 ? describedBy.join(' ') : undefined,
      })}
      {wrong !== undefined && (
        <p class="wrong" id={`${id}-wrong`} role="alert">
          {wrong}
        </p>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
