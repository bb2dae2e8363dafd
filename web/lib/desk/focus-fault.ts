import { tick } from 'svelte'

/** Takes the focus to the first field of a form that is marked as wrong, once it is drawn so. */
export async function focusFault(form: HTMLFormElement): Promise<void> {
  await tick()
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}
