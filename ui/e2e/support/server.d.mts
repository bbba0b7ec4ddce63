export function record(): Promise<string>;
export function serve(store: string): Promise<{ address: string; stop: () => Promise<void> }>;
export function remove(store: string): Promise<void>;
