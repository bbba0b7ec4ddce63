// What surrounds every page: the bar on top with the way back, the theme and the help.
import { Link, useNavigate } from "@tanstack/react-router";
import { CircleHelp, Monitor, Moon, Sun } from "lucide-react";
import { Tooltip } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { Help } from "../keyboard/Help";
import { useGoTo, useKeys } from "../keyboard/keys";
import { chooseTheme, type ThemeChoice, useThemeChoice } from "../theme/theme";
import { Button } from "./Button";
import styles from "./Shell.module.css";

const THEMES: Record<ThemeChoice, { Icon: typeof Sun; next: ThemeChoice }> = {
  system: { Icon: Monitor, next: "light" },
  light: { Icon: Sun, next: "dark" },
  dark: { Icon: Moon, next: "system" },
};

/** The pages that lead to all others, each with the key that goes there after `g`. */
const PAGES = [
  { to: "/runs", title: "Runs", key: "r" },
  { to: "/tests", title: "Tests", key: "t" },
  { to: "/dependencies", title: "Dependencies", key: "d" },
  { to: "/incidents", title: "Incidents", key: "i" },
] as const;

function ThemeButton() {
  const choice = useThemeChoice();
  const { Icon, next } = THEMES[choice];
  const label = `Theme: ${choice}. Change to ${next}`;
  return (
    <Button look="quiet" onClick={() => chooseTheme(next)} aria-label={label} title={label}>
      <Icon size={16} aria-hidden />
    </Button>
  );
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <path
        d="M2 19h7l3.4-12 5.2 19 4.2-13 2.4 6H30"
        fill="none"
        stroke="currentColor"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  const help = useRef<HTMLDialogElement>(null);
  const navigate = useNavigate();
  useKeys({ "?": () => help.current?.showModal() });
  useGoTo(Object.fromEntries(PAGES.map(({ key, to }) => [key, () => navigate({ to })])));
  return (
    <Tooltip.Provider delayDuration={250}>
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <header className={styles.bar}>
        <Link to="/runs" className={styles.home} aria-label="Flakescope">
          <Logo />
          <span className={styles.name}>Flakescope</span>
        </Link>
        <nav aria-label="Pages">
          {PAGES.map(({ to, title }) => (
            <Link
              key={to}
              to={to}
              className={styles.link}
              activeProps={{ "aria-current": "page" }}
              activeOptions={{ exact: true, includeSearch: false }}
            >
              {title}
            </Link>
          ))}
        </nav>
        <div className={styles.tools}>
          <ThemeButton />
          <Button look="quiet" onClick={() => help.current?.showModal()} aria-label="Keys" title="Keys (?)">
            <CircleHelp size={16} aria-hidden />
          </Button>
        </div>
      </header>
      {children}
      <Help dialog={help} />
    </Tooltip.Provider>
  );
}
