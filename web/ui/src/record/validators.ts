/** JSON Schema 2020-12, with messages in the reader's language. */
import { customizeValidator } from '@rjsf/validator-ajv8'
import Ajv2020 from 'ajv/dist/2020'
import en from 'ajv-i18n/localize/en'
import fr from 'ajv-i18n/localize/fr'
import type { Language } from '../map/api'

export const validators: Record<Language, ReturnType<typeof customizeValidator>> = {
  fr: customizeValidator({ AjvClass: Ajv2020 }, fr),
  en: customizeValidator({ AjvClass: Ajv2020 }, en),
}
