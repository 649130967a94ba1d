import { type Draft, type DraftProps, readDraft } from '../state/draft.ts'
import { softCloseInWords } from '../state/soft-close-words.ts'
import { Field } from './field.tsx'

const fields = [
  ['windowSeconds', 'Window, seconds'],
  ['extensionSeconds', 'Extension, seconds'],
  ['maxExtensions', 'Extensions at most'],
] as const satisfies readonly (readonly [keyof Draft, string])[]

/** Whether and how a late bid moves the end. */
export function SoftCloseFields({ draft, errors, onChange }: DraftProps) {
  const read = readDraft({ ...draft, title: 'any' })
  return (
    <fieldset class="stack">
      <legend>Late bids</legend>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.hasSoftClose}
          onChange={(event) => onChange({ hasSoftClose: event.currentTarget.checked })}
        />
        Soft close
      </label>
      {draft.hasSoftClose && (
        <div class="fields">
          {fields.map(([name, label]) => (
            <Field key={name} label={label} wrong={errors[name]}>
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
      {read.ok && <p class="small muted">{softCloseInWords(read.body.softClose ?? null)}.</p>}
    </fieldset>
  )
}
