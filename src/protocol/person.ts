import { z } from 'zod'

/** Someone who bids or sells, as others see them. */
export const personJson = z.object({ id: z.string(), name: z.string() }).meta({ id: 'Person' })

export type PersonJson = z.infer<typeof personJson>
