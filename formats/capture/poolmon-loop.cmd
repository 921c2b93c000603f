@echo off
rem SPDX-License-Identifier: MIT
rem poolmon-loop [COUNT [SECONDS [FOLDER]]]
rem Saves COUNT tables of poolmon, SECONDS apart, into FOLDER: 288 of them, at most 10000;
rem 300 seconds; folder poolmon.  poolmon.exe stands beside this file or in the PATH.
rem The loop may be stopped at any time.  Files are named for date and time in digits
rem whatever language this computer speaks, and numbered where that cannot be told.
setlocal enableextensions
set count=0
set pause=0
set /a count=%~1 2>nul
set /a pause=%~2 2>nul
set folder=%~3
if "%~1"=="" set count=288
if "%~2"=="" set pause=300
if "%folder%"=="" set folder=poolmon
if %count% LSS 1 goto usage
if %count% GTR 10000 goto usage
if %pause% LSS 1 goto usage
if %pause% GTR 86400 goto usage
set poolmon=poolmon.exe
if exist "%~dp0poolmon.exe" set poolmon=%~dp0poolmon.exe
if not exist "%folder%\" mkdir "%folder%"
if not exist "%folder%\" goto nofolder
set /a pings=pause + 1
set n=0

:next
set /a n=n + 1
call :stamp
if defined stamp (call :save) else (call :savenumbered)
if not exist "%file%" goto nofile
echo %n% of %count%: %file%
if %n% GEQ %count% goto done
rem ping waits where timeout does not: without a console, as a scheduled task.
ping -n %pings% 127.0.0.1 >nul
goto next

:done
echo Done.  Please send the folder %folder% as a zip file.
exit /b 0

rem A name that says when: poolmon-20261122-184512.txt.
:save
set file=%folder%\poolmon-%stamp%.txt
"%poolmon%" -n "%file%"
goto :eof

rem The time is not certain: it stands in the file as this computer writes it.
:savenumbered
set number=0000%n%
set file=%folder%\poolmon-%number:~-5%.txt
>"%file%.part" echo # %DATE% %TIME%
"%poolmon%" -n "%file%.table"
if exist "%file%.table" copy /b "%file%.part"+"%file%.table" "%file%" >nul
if exist "%file%.table" del "%file%.table"
del "%file%.part"
goto :eof

rem Sets stamp to the date and time in digits, or to nothing.
:stamp
set stamp=
set now=
for /f "tokens=2 delims==" %%t in ('wmic os get LocalDateTime /value 2^>nul') do set now=%%t
if defined now set stamp=%now:~0,8%-%now:~8,6%
if defined stamp call :checkstamp
if defined stamp goto :eof

rem No wmic: 0 is month day year, 1 day month year, 2 year month day.
set order=
for /f "tokens=3" %%o in ('reg query "HKCU\Control Panel\International" /v iDate 2^>nul') do set order=%%o
if not defined order goto :eof
set today=%DATE%
set clock=%TIME%
if not "%today%"=="%DATE%" goto stamp
set d1=
set d2=
set d3=
set day=%today%
for /f "tokens=1,2" %%a in ("%today%") do if not "%%b"=="" set day=%%b
for /f "tokens=1-3 delims=/.- " %%a in ("%day%") do (
    set d1=%%a
    set d2=%%b
    set d3=%%c
)
if not defined d3 goto :eof
for /f "tokens=1-3 delims=:., " %%a in ("%clock%") do (
    set hour=0%%a
    set minute=0%%b
    set second=0%%c
)
if "%order%"=="0" call :putstamp %d3% 0%d1% 0%d2%
if "%order%"=="1" call :putstamp %d3% 0%d2% 0%d1%
if "%order%"=="2" call :putstamp %d1% 0%d2% 0%d3%
if defined stamp call :checkstamp
goto :eof

:putstamp
set month=%2
set dayof=%3
set stamp=%1%month:~-2%%dayof:~-2%-%hour:~-2%%minute:~-2%%second:~-2%
goto :eof

rem Eight digits, a dash, six digits, in this century; or nothing.
:checkstamp
for /f "delims=0123456789-" %%x in ("%stamp%") do set stamp=
if not defined stamp goto :eof
if not "%stamp:~0,2%"=="20" set stamp=
if not defined stamp goto :eof
if not "%stamp:~8,1%"=="-" set stamp=
if not defined stamp goto :eof
if "%stamp:~14,1%"=="" set stamp=
goto :eof

:usage
echo usage: poolmon-loop [COUNT [SECONDS [FOLDER]]]
echo COUNT is 1 to 10000, SECONDS 1 to 86400.
exit /b 2

:nofolder
echo The folder %folder% cannot be made.
exit /b 2

:nofile
echo poolmon wrote no file.  Is poolmon.exe in this folder?
exit /b 2
