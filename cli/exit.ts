/** What a command's exit code tells the script that ran it. */
export const EXIT = { fine: 0, refused: 1, mistake: 2, defect: 3 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];
