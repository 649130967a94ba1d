import { currencies, type DraftProps, type DurationUnit } from '../state/draft.ts'
import type { English } from '../words/english.ts'
import { Field } from './field.tsx'
import { say } from '../words/say.ts'

const unitWords = [
  ['seconds', 'unitSeconds'],
  ['minutes', 'unitMinutes'],
  ['hours', 'unitHours'],
  ['days', 'unitDays'],
] as const satisfies readonly (readonly [DurationUnit, keyof English])[]

/** What is for sale, from which price, in which steps, for how long. */
export function LotFields({ draft, errors, onChange }: DraftProps) {
  return (
    <>
      <Field label={say('title')} wrong={errors.title}>
        {(control) => (
          <input
            {...control}
            value={draft.title}
            maxLength={200}
            autoComplete="off"
            onInput={(event) => onChange({ title: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={say('description')} wrong={errors.description}>
        {(control) => (
          <textarea
            {...control}
            value={draft.description}
            maxLength={4000}
            rows={4}
            onInput={(event) => onChange({ description: event.currentTarget.value })}
          />
        )}
      </Field>
      <div class="fields">
        <Field label={say('currency')} wrong={errors.currency}>
          {(control) => (
            <select
              {...control}
              value={draft.currency}
              onChange={(event) => onChange({ currency: event.currentTarget.value })}
            >
              {currencies.map((currency) => (
                <option key={currency}>{currency}</option>
              ))}
            </select>
          )}
        </Field>
        <AmountField label={say('startPrice')} name="startPrice" {...{ draft, errors, onChange }} />
        <AmountField label={say('increment')} name="increment" {...{ draft, errors, onChange }} />
      </div>
      <StartField {...{ draft, errors, onChange }} />
      <DurationFields {...{ draft, errors, onChange }} />
    </>
  )
}

function AmountField(props: DraftProps & { label: string; name: 'startPrice' | 'increment' }) {
  const { label, name, draft, errors, onChange } = props
  return (
    <Field label={label} wrong={errors[name]}>
      {(control) => (
        <input
          {...control}
          value={draft[name]}
          inputMode="decimal"
          autoComplete="off"
          maxLength={24}
          onInput={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      )}
    </Field>
  )
}

function StartField({ draft, errors, onChange }: DraftProps) {
  return (
    <Field label={say('startsAtField')} wrong={errors.startsAt} hint={say('startsAtHint')}>
      {(control) => (
        <input
          {...control}
          type="datetime-local"
          value={draft.startsAt}
          onInput={(event) => onChange({ startsAt: event.currentTarget.value })}
        />
      )}
    </Field>
  )
}

function DurationFields({ draft, errors, onChange }: DraftProps) {
  return (
    <div class="fields">
      <Field label={say('duration')} wrong={errors.duration}>
        {(control) => (
          <input
            {...control}
            value={draft.duration}
            inputMode="numeric"
            autoComplete="off"
            maxLength={9}
            onInput={(event) => onChange({ duration: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={say('unitOfDuration')}>
        {(control) => (
          <select
            {...control}
            value={draft.durationUnit}
            onChange={(event) =>
              onChange({ durationUnit: event.currentTarget.value as DurationUnit })
            }
          >
            {unitWords.map(([unit, words]) => (
              <option key={unit} value={unit}>
                {say(words)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  )
}
