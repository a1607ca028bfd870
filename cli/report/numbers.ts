/** `1 alert`, `2 alerts`; a plural that is not made with an s is given. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}

/** With commas between thousands, whatever the locale of the machine is. */
export function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** US dollars, in whole ones from a hundred on. What costs less than a cent is not rounded to nothing. */
export function dollars(amount: number): string {
  if (amount > 0 && amount < 0.01) return "under $0.01";
  return `$${amount < 100 ? amount.toFixed(2) : grouped(Math.round(amount))}`;
}
