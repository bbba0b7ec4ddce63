// The filter of a page. It follows the address, and the address follows it.
import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useKeys } from "../keyboard/keys";
import styles from "./Filter.module.css";

const PAUSE_MS = 120;

interface Props {
  value: string;
  onChange: (value: string) => void;
  label: string;
}

export function Filter({ value, onChange, label }: Props) {
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const said = useRef(value);
  useEffect(() => {
    if (value !== said.current) setTyped(value);
    said.current = value;
  }, [value]);
  useEffect(() => {
    if (typed === said.current) return;
    const timer = setTimeout(() => {
      said.current = typed;
      onChange(typed);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  useKeys({ "/": () => input.current?.select() });
  return (
    <search className={styles.filter}>
      <Search size={14} aria-hidden />
      <input
        ref={input}
        type="text"
        value={typed}
        placeholder={`${label}  /`}
        aria-label={label}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          if (typed === "") input.current?.blur();
          setTyped("");
        }}
      />
      {typed !== "" && (
        <button type="button" onClick={() => setTyped("")} aria-label="Clear the filter">
          <X size={14} aria-hidden />
        </button>
      )}
    </search>
  );
}
