export interface Example {
  folder: string;
  config: string;
}
export const SMALL: Example;
export const WHOLE: Example;
export function record(example?: Example): Promise<string>;
export function serve(store: string): Promise<{ address: string; stop: () => Promise<void> }>;
export function remove(store: string): Promise<void>;
