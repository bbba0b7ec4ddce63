export const PROJECT: string;
export const MOCHA: string;
export interface Recording {
  folder: string;
  command: string[];
  options?: string[];
  env?: Record<string, string>;
}
export function newStore(): Promise<string>;
export function record(
  store: string,
  recording: Recording,
): { done: Promise<{ code: number | null; said: string }>; stop: () => void };
export function recordExample(store: string): Promise<void>;
export function serve(store: string): Promise<{ address: string; stop: () => Promise<void> }>;
export function remove(store: string): Promise<void>;
