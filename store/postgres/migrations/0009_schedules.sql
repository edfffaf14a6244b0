-- What begins by the calendar: how far it was done, and when it is due next. A lease is as of timers.

CREATE TABLE schedules (
    last         bigint NOT NULL,
    next         bigint NOT NULL,
    leased_until bigint NOT NULL DEFAULT 0,
    leased_by    bigint NOT NULL DEFAULT 0,
    way          integer NOT NULL,
    office       text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    procedure    text COLLATE "C" NOT NULL,
    spec         text COLLATE "C" NOT NULL,
    PRIMARY KEY (office, id)
);
CREATE INDEX schedules_next ON schedules (next);

SELECT guicheng_lock('schedules');
