import { german as said } from '../../../links/refusals.js'

/** Why something is refused, in German, by its code; the pages behind mailed links say the same. */
export const german: Record<string, string> = said
