import { Textarea, type TextareaProps, TextInput, type TextInputProps } from '@mantine/core'
import { useField } from './form'

type Named = { name: string; label: string }

// What is said of a field stands beneath it, so that fields beside one another are in line.
const order: TextInputProps['inputWrapperOrder'] = ['label', 'input', 'description', 'error']

/** A line of a form, with why it was refused beside it. */
export const Text = ({ name, ...more }: Named & TextInputProps) => <TextInput {...useField(name)} withAsterisk={false} autoComplete="off" inputWrapperOrder={order} {...more} />

/** Several lines of a form. */
export const Lines = ({ name, ...more }: Named & TextareaProps) => <Textarea {...useField(name)} withAsterisk={false} autosize minRows={2} maxRows={8} inputWrapperOrder={order} {...more} />

const two = (n: number) => String(n).padStart(2, '0')

/** The day of a moment where the reader is, as a date field has it. */
export function dayOf(time: string | number | Date): string {
  const d = new Date(time)
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`
}

/** The day that many days from today. */
export const inDays = (days: number) => {
  const d = new Date()
  return dayOf(d.setDate(d.getDate() + days))
}

/** The moment at which a day begins, where the reader is. */
export const beginOf = (day: string) => new Date(`${day}T00:00:00`).toISOString()

/** The last moment of a day, where the reader is. */
export const endOf = (day: string) => new Date(`${day}T23:59:59`).toISOString()
