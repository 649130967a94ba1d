import { currencies, type DraftProps, durationUnits, type DurationUnit } from '../state/draft.ts'
import { Field } from './field.tsx'

/** What is for sale, from which price, in which steps, for how long. */
export function LotFields({ draft, errors, onChange }: DraftProps) {
  return (
    <>
      <Field label="Title" wrong={errors.title}>
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
      <Field label="Description" wrong={errors.description}>
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
        <Field label="Currency" wrong={errors.currency}>
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
        <AmountField label="Start price" name="startPrice" {...{ draft, errors, onChange }} />
        <AmountField label="Increment" name="increment" {...{ draft, errors, onChange }} />
      </div>
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

function DurationFields({ draft, errors, onChange }: DraftProps) {
  return (
    <div class="fields">
      <Field label="Duration" wrong={errors.duration}>
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
      <Field label="Unit of duration">
        {(control) => (
          <select
            {...control}
            value={draft.durationUnit}
            onChange={(event) =>
              onChange({ durationUnit: event.currentTarget.value as DurationUnit })
            }
          >
            {Object.keys(durationUnits).map((unit) => (
              <option key={unit}>{unit}</option>
            ))}
          </select>
        )}
      </Field>
    </div>
  )
}
