-- People's skills, who stands in for whom, who did what how often, and what is sent on a case beside its papers.

ALTER TABLE persons ADD COLUMN skills text[] COLLATE "C" NOT NULL DEFAULT '{}';

CREATE TABLE substitutes (
    since      bigint NOT NULL,
    until      bigint NOT NULL,
    changed    bigint NOT NULL,
    office     text COLLATE "C" NOT NULL,
    id         text COLLATE "C" NOT NULL,
    person     text COLLATE "C" NOT NULL,
    substitute text COLLATE "C" NOT NULL,
    changed_by text COLLATE "C" NOT NULL,
    procedures text[] COLLATE "C" NOT NULL, -- empty = all
    PRIMARY KEY (office, id)
);

CREATE TABLE deeds (
    times     bigint NOT NULL,
    last      bigint NOT NULL,
    office    text COLLATE "C" NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    step      text COLLATE "C" NOT NULL,
    person    text COLLATE "C" NOT NULL,
    PRIMARY KEY (office, procedure, step, person)
);

ALTER TABLE copies ADD COLUMN kind text COLLATE "C" NOT NULL DEFAULT ''; -- '' = a paper
ALTER TABLE copies ADD COLUMN sender text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE copies ADD COLUMN text text COLLATE "C" NOT NULL DEFAULT '';

SELECT guicheng_lock('substitutes'), guicheng_lock('deeds');
