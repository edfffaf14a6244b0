-- What an office has made of the settings of its procedures.

CREATE TABLE settings (
    changed    bigint NOT NULL,
    office     text COLLATE "C" NOT NULL,
    procedure  text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    changed_by text COLLATE "C" NOT NULL,
    value      bytea NOT NULL,
    PRIMARY KEY (office, procedure, name)
);

SELECT guicheng_lock('settings');
