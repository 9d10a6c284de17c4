"""DSOMM's files, made up in the shapes in which it writes them."""

from __future__ import annotations

#: Five activities: two of level 1, one of which has a name that YAML has to quote; a chain, one need of which follows.
MODEL = """---
meta:
  version: 9.9.9
---
Build:
  Compiling:
    "Build: by one command":
      uuid: 00000000-0000-4000-8000-000000000001
      risk: made up
      level: 1
      difficultyOfImplementation:
        knowledge: 1
        time: 1
        resources: 1
      usefulness: 5
      references:
        iso27001-2022:
        - 8.10
      isImplemented: false
    Built from scratch:
      uuid: 00000000-0000-4000-8000-000000000002
      level: 2
      difficultyOfImplementation: {knowledge: 2, time: 3, resources: 2}
      usefulness: 2
      dependsOn:
      - 00000000-0000-4000-8000-000000000001
  Parts list:
    A list of parts:
      uuid: 00000000-0000-4000-8000-000000000003-medium
      level: 2
      difficultyOfImplementation: {knowledge: 3, time: 5, resources: 4}
      usefulness: 3
      dependsOn:
      - 00000000-0000-4000-8000-000000000002
      - 00000000-0000-4000-8000-000000000001
People:
  Training:
    Training for all:
      uuid: 00000000-0000-4000-8000-000000000004
      level: 1
      difficultyOfImplementation: {knowledge: 1, time: 2, resources: 1}
      usefulness: 4
    Training for experts:
      uuid: 00000000-0000-4000-8000-000000000005
      level: 3
      difficultyOfImplementation: {knowledge: 4, time: 2, resources: 3}
      usefulness: 1
      dependsOn:
      - 00000000-0000-4000-8000-000000000004
"""
META = """---
browserSettings:
  changeTeamNames: true
teamProgressFile: 'team-progress.yaml'
progressDefinition:
  Nothing yet:
    score: 0%
    definition: made up
  Begun:
    score: 20%
  All of it:
    score: 100%
teams:
  $ref: 'default/teams.yaml#/teams'
activityFiles:
    - default/model.yaml
"""
TEAMS = """---
teams:
  - O'Brien's press
  - "no: 2"
teamGroups:
  Night:
    - "no: 2"
"""
PROGRESS = """progress:
  00000000-0000-4000-8000-000000000001:  # Build: by one command
    'O''Brien''s press':
      'Begun': 2025-03-01
      'All of it': 2025-09-30
    'no: 2':
      'Begun': 2025-06-30
      'All of it':
  00000000-0000-4000-8000-000000000004:
    'no: 2':
      'All of it': 2025-06-30
"""
CUSTOM = """Build:
  Compiling:
    Built from scratch, at night:
      uuid: 00000000-0000-4000-8000-000000000002
    A list of parts:
      ignore: true
    Ours:
      uuid: 11111111-1111-1111-1111-111111111111
      level: 1
New:
  Corner:
    Training for experts:
      uuid: 00000000-0000-4000-8000-000000000005
      level: 2
"""
#: The one file of older versions: needs by name, teams beside each activity.
GENERATED = """Build:
  Compiling:
    One command:
      uuid: 00000000-0000-4000-8000-000000000001
      level: 1
      difficultyOfImplementation: {knowledge: 1, time: 1, resources: 1}
      usefulness: 5
      isImplemented: false
      teamsImplemented:
        Default: false
        B: true
    From scratch:
      uuid: 00000000-0000-4000-8000-000000000002
      level: 1
      difficultyOfImplementation: {knowledge: 2, time: 3, resources: 2}
      usefulness: 2
      isImplemented: true
      dependsOn:
      - One command
"""
