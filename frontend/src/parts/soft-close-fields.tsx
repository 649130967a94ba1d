import type { Draft, DraftProps } from '../state/draft.ts'
import type { English } from '../words/english.ts'
import { Field } from './field.tsx'
import { say } from '../words/say.ts'

const fields = [
  ['windowSeconds', 'windowSeconds'],
  ['extensionSeconds', 'extensionSeconds'],
  ['maxExtensions', 'extensionsAtMost'],
] as const satisfies readonly (readonly [keyof Draft, keyof English])[]

/** Whether and how a late bid moves the end. */
export function SoftCloseFields({ draft, errors, onChange }: DraftProps) {
  return (
    <fieldset class="stack">
      <legend>{say('lateBids')}</legend>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.hasSoftClose}
          onChange={(event) => onChange({ hasSoftClose: event.currentTarget.checked })}
        />
        {say('softClose')}
      </label>
      {draft.hasSoftClose && (
        <div class="fields">
          {fields.map(([name, label]) => (
            <Field key={name} label={say(label)} wrong={errors[name]}>
              {(control) => (
                <input
                  {...control}
                  value={draft[name]}
                  inputMode="numeric"
                  autoComplete="off"
                  maxLength={6}
                  onInput={(event) => onChange({ [name]: event.currentTarget.value })}
                />
              )}
            </Field>
          ))}
        </div>
      )}
    </fieldset>
  )
}
